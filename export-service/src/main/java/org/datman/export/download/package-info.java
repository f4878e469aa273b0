/** Gets the files of one XNAT resource, complete and as XNAT lists them, or says why that cannot be. */
package org.datman.export.download;
