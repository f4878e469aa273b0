/** For tests: synthetic images as the types of this module, and as files. */
package org.datman.analysis.testkit;
