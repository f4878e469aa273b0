/** Measures each exported image: numbers, flags, pictures, header differences and a verdict. */
@NullMarked
package org.datman.qc.measure;

import org.jspecify.annotations.NullMarked;
