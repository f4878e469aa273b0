/** What a person can do about a failure: have it done again, or set it aside. */
package org.datman.dashboard.failure;
