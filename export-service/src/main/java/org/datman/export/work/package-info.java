/** Infrastructure of the handlers: work folders, session locks, publishing. */
package org.datman.export.work;
