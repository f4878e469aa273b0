/** Corrupted samples of k-space: sparks and radio interference that leave a stripe pattern in one slice of one volume. */
@NullMarked
package org.datman.analysis.spike;

import org.jspecify.annotations.NullMarked;
