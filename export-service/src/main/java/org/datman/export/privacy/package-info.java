/** What the kept DICOM file states about the person does not get into the archive. */
@NullMarked
package org.datman.export.privacy;

import org.jspecify.annotations.NullMarked;
