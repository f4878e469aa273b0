/** Which file of a series gets which name. Pure. */
@NullMarked
package org.datman.export.layout;

import org.jspecify.annotations.NullMarked;
