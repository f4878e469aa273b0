/** DICOM of an earlier archive is listed, so that export takes from there what XNAT has, too. */
@NullMarked
package org.datman.local.adoption;

import org.jspecify.annotations.NullMarked;
