/** The archive folder: file locations, and atomic writes. */
package org.datman.platform.archive;
