/** The start page: everything that needs a person now. */
package org.datman.dashboard.inbox;
