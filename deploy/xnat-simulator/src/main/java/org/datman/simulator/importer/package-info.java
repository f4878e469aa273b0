/** From folders and archives of DICOM to studies: headers, grouping, unpacking. */
@NullMarked
package org.datman.simulator.importer;

import org.jspecify.annotations.NullMarked;
