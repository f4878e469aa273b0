/** Import of a configuration of the Python DATMAN (TIGRLab): main file, study files and metadata folders become study files of today and a report. */
@NullMarked
package org.datman.local.legacy;

import org.jspecify.annotations.NullMarked;
