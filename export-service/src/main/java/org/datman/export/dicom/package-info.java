/** Classifies the downloaded files: images, other DICOM, not DICOM, broken. */
package org.datman.export.dicom;
