/** Sessions for the tests, told as the services tell them. */
package org.datman.dashboard.story;
