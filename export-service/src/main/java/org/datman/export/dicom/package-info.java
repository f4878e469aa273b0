/** Classifies the downloaded files: images, other DICOM, not DICOM, broken. */
@NullMarked
package org.datman.export.dicom;

import org.jspecify.annotations.NullMarked;
