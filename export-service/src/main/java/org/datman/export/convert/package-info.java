/** Runs dcm2niix, evaluates all of its files and output, and decides the name of each image. */
@NullMarked
package org.datman.export.convert;

import org.jspecify.annotations.NullMarked;
