/** What a person can do about a failure: have it done again, or dismiss it. */
package org.datman.dashboard.failure;
