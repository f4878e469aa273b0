/** Makes an exported image the gold standard of its study, site and tag. */
package org.datman.dashboard.goldstandard;
