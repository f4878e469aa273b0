/** DICOM Part 10: data sets, their header reader and a writer. Pixel data are located, never decoded. */
package org.datman.imaging.dicom;
