/** De-identification of DICOM files by the Basic Profile of DICOM PS3.15 Annex E. */
@NullMarked
package org.datman.imaging.deidentification;

import org.jspecify.annotations.NullMarked;
