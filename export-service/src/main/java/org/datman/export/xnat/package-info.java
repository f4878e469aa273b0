/** The XNAT server that this service reads. */
package org.datman.export.xnat;
