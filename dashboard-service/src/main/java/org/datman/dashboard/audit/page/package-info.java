/** The audit log for admins: a page, JSON, CSV. */
@NullMarked
package org.datman.dashboard.audit.page;

import org.jspecify.annotations.NullMarked;
