/** Trying a study file on DICOM sessions of a folder, with nothing else running. */
@NullMarked
package org.datman.local.trial;

import org.jspecify.annotations.NullMarked;
