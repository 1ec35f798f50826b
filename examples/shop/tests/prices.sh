#!/bin/sh
test "$(sh prices.sh 2.5)" = 2.50
