#!/usr/bin/env node
// Stands outside of dist so that the command can be linked before the first build.
import '../dist/bin.js';
