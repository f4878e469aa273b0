/** Measures each exported image: numbers, flags, pictures, header differences and a verdict. */
package org.datman.qc.measure;
