/** What the DICOM headers of a series promise, held against what came: before conversion, and against what the converter made. */
package org.datman.export.completeness;
