/** Reading DICOM headers, reading and writing NIfTI: plain Java without dependencies, safe against any input. */
@NullMarked
package org.datman.imaging;

import org.jspecify.annotations.NullMarked;
