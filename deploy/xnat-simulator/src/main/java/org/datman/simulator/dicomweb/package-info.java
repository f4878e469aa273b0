/** XNAT's DICOMweb plug-in: searches (QIDO-RS) and headers (WADO-RS metadata) of a project. */
@NullMarked
package org.datman.simulator.dicomweb;

import org.jspecify.annotations.NullMarked;
