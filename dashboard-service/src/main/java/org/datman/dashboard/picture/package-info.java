/** Files of the archive for logged-in users. */
@NullMarked
package org.datman.dashboard.picture;

import org.jspecify.annotations.NullMarked;
