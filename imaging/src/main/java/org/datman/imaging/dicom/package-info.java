/** DICOM Part 10: data sets, a header reader and a writer. Pixel data are located, never decoded. */
@NullMarked
package org.datman.imaging.dicom;

import org.jspecify.annotations.NullMarked;
