/** DICOM Part 10: data sets, a header reader and a writer. Pixel data are located, never decoded. */
package org.datman.imaging.dicom;
