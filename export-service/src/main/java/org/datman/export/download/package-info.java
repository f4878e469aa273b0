/** Downloads the files of one XNAT resource, complete and as XNAT lists them, or reports why that is not possible. */
package org.datman.export.download;
