/** Lists of sessions and the page of one session. */
package org.datman.dashboard.session;
