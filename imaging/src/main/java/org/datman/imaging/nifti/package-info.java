/** NIfTI-1 and NIfTI-2 single files ({@code .nii}, {@code .nii.gz}), read and written volume by volume. */
@NullMarked
package org.datman.imaging.nifti;

import org.jspecify.annotations.NullMarked;
