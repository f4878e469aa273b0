/** The archive as everybody knows it: services, and who installs them. */
package org.datman.contracts.archive;
