/** The audit log: who did what, and when. Appended to, never changed. */
@NullMarked
package org.datman.dashboard.audit;

import org.jspecify.annotations.NullMarked;
