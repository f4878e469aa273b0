/** Lists of sessions and the page of one session. */
@NullMarked
package org.datman.dashboard.session;

import org.jspecify.annotations.NullMarked;
