/** Reading DICOM headers, reading and writing NIfTI: plain Java without dependencies, safe against any input. */
package org.datman.imaging;
