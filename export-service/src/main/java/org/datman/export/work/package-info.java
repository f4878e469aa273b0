/** Infrastructure of the handlers: work folders, session locks, publishing. */
@NullMarked
package org.datman.export.work;

import org.jspecify.annotations.NullMarked;
