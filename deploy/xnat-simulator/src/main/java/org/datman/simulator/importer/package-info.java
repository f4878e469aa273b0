/** From folders and archives of DICOM to studies: headers, grouping, unpacking. */
package org.datman.simulator.importer;
