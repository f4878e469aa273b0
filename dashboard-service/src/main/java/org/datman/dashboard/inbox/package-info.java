/** The start page: what needs a human today. */
package org.datman.dashboard.inbox;
