/** Backups of an installation and their restore: PostgreSQL, topics, configuration, secrets, archive. */
@NullMarked
package org.datman.local.backup;

import org.jspecify.annotations.NullMarked;
