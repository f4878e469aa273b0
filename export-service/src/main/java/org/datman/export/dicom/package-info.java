/** What the downloaded files are, as far as export needs to know: images, other DICOM, no DICOM, broken. */
package org.datman.export.dicom;
