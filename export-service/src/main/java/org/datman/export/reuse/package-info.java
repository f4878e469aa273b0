/** What is left of the current export of a scan, and whether its files can serve as the inputs of a new one. */
@NullMarked
package org.datman.export.reuse;

import org.jspecify.annotations.NullMarked;
