/** Compares the content stated by the DICOM headers of a series with the received files and with the converter's output. */
@NullMarked
package org.datman.export.completeness;

import org.jspecify.annotations.NullMarked;
