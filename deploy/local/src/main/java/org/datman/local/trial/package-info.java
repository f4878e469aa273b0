/** Trying a study file on DICOM sessions of a folder, with nothing else running. */
package org.datman.local.trial;
