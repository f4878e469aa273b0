/** Runs dcm2niix, evaluates all of its files and output, and decides the name of each image. */
package org.datman.export.convert;
