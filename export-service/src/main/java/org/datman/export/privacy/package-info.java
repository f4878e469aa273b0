/** What of a person's data does not get into the archive: text in pixels, and what the kept DICOM file states about the person. */
@NullMarked
package org.datman.export.privacy;

import org.jspecify.annotations.NullMarked;
