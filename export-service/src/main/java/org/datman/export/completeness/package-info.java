/** Compares the content stated by the DICOM headers of a series with the received files and with the converter's output. */
package org.datman.export.completeness;
