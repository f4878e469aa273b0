/** What every handler here needs: room to work, one at a time per session, a voice. */
package org.datman.export.work;
