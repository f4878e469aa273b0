/** Runs dcm2niix, accounts for everything that it made and said, and decides which name each image gets. */
package org.datman.export.convert;
