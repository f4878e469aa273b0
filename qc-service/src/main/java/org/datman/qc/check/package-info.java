/** Expected against found: whether everything that a session promised has come. */
package org.datman.qc.check;
