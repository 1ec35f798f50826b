-- What a person does in Neovim and sees there; every wait has a deadline. For Neovim 0.7 to 0.12.
local M = { messages = {} }
local DEADLINE = tonumber(vim.env.STORY_SECONDS)

vim.notify = function(text) table.insert(M.messages, text) end
-- that a task needs the person is told once for each, wherever the story is by then
local NOTICES = { "^'.*' is ready for review", "^'.*' asks a question%.$", "^'.*' failed%.$", "^'.*' waits", '^%d+ tasks ' }
local function is_notice(text)
  return #vim.tbl_filter(function(pattern) return text:find(pattern) ~= nil end, NOTICES) > 0
end
vim.lsp.handlers['window/showMessage'] = function(_, said)
  if not is_notice(said.message) then table.insert(M.messages, said.message) end
end

local function tell(...)
  io.stdout:write(table.concat({ ... }, '\t'):gsub('\n', ' '), '\n')
  io.stdout:flush()
end

-- One step of the story: red ones are told, and the story goes on.
function M.step(name, play)
  local began = vim.loop.hrtime()
  local good, problem = pcall(play)
  tell(good and 'PASS' or 'FAIL', ('%.1f'):format((vim.loop.hrtime() - began) / 1e9), name, good and '' or tostring(problem))
end

function M.check(wanted, what)
  if not wanted then error(what .. '\nshown: ' .. M.seen(), 0) end
end

function M.equal(found, wanted)
  M.check(vim.deep_equal(found, wanted), ('found %s, wanted %s'):format(vim.inspect(found), vim.inspect(wanted)))
end

function M.wait(what, test)
  local found
  vim.wait(DEADLINE * 1000, function()
    found = test()
    return found and true or false
  end, 20)
  M.check(found, ('not within %d s: %s'):format(DEADLINE, what))
  return found
end

-- The server's diagnostics of one code in this buffer, from top to bottom; all of them without a code.
function M.items(code)
  local found = vim.tbl_filter(function(item)
    local own = item.code or (item.user_data and item.user_data.lsp.code)
    return item.source == 'specwright' and (code == nil or own == code)
  end, vim.diagnostic.get(0))
  table.sort(found, function(a, b) return a.lnum < b.lnum end)
  return found
end

function M.seen()
  local lines = vim.tbl_map(function(item) return ('%d: %s'):format(item.lnum + 1, item.message) end, M.items())
  return table.concat(vim.list_extend(lines, M.messages), ' | ')
end

-- Wait for this many diagnostics of a code, the first of which says this.
function M.shown(code, count, text)
  return M.wait(('%d %s diagnostics%s'):format(count, code, text and (" with '" .. text .. "'") or ''), function()
    local found = M.items(code)
    local says = text == nil or (found[1] and found[1].message:find(text, 1, true))
    return #found == count and says and found
  end)
end

-- Open a file, and wait until a server serves it.
function M.open(path)
  local clients = vim.lsp.get_clients or vim.lsp.buf_get_clients
  vim.cmd('edit ' .. path)
  vim.wait(DEADLINE * 1000, function() return not vim.tbl_isempty(clients(vim.lsp.get_clients and { bufnr = 0 } or 0)) end, 20)
end

function M.text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') .. '\n' end

function M.disk(path) return table.concat(vim.fn.readfile(path or vim.fn.expand('%:p')), '\n') .. '\n' end

-- The number of the first line that holds a text.
function M.line(text)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find(text, 1, true) then return number end
  end
  error('no line holds ' .. text, 0)
end

function M.keys(keys)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), 'ntx', false)
end

-- Open the menu of code actions at a line and choose a title; the titles that were offered. Through `vim.ui.select`, as users do.
function M.choose(line, title)
  local titles
  local before = #M.messages
  vim.ui.select = function(actions, options, choose)
    titles = vim.tbl_map(function(action) return (options.format_item(action)) end, actions)
    local at = vim.fn.index(titles, title) + 1
    choose(actions[at], at > 0 and at or nil)
  end
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  vim.lsp.buf.code_action()
  M.wait('a menu of code actions', function()
    local none = #M.messages > before and M.messages[#M.messages]:find('No code actions', 1, true)
    if none then table.remove(M.messages) end
    return titles or none
  end)
  titles = titles or {}
  M.check(title == nil or vim.tbl_contains(titles, title), ("no action '%s' in: %s"):format(title, table.concat(titles, '; ')))
  return titles
end

-- Ask for completion at the end of the cursor's line, and take the item of this label.
function M.complete(label)
  local row = vim.api.nvim_win_get_cursor(0)[1]
  local params = {
    textDocument = vim.lsp.util.make_text_document_params(),
    position = { line = row - 1, character = #vim.api.nvim_get_current_line() },
    context = { triggerKind = 1 },
  }
  local labels = {}
  for _, answer in pairs(vim.lsp.buf_request_sync(0, 'textDocument/completion', params, DEADLINE * 1000) or {}) do
    for _, item in ipairs((answer.result or {}).items or {}) do
      table.insert(labels, item.label)
      if item.label == label then return vim.lsp.util.apply_text_edits({ item.textEdit }, 0, 'utf-8') end
    end
  end
  error(("no item '%s' in: %s"):format(label, table.concat(labels, '; ')), 0)
end

-- The text of the hover at a line.
function M.hover(line)
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  vim.lsp.buf.hover()
  local window = M.wait('a hover', function()
    return vim.tbl_filter(function(win) return vim.api.nvim_win_get_config(win).relative ~= '' end, vim.api.nvim_list_wins())[1]
  end)
  local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
  vim.api.nvim_win_close(window, true)
  return text
end

-- Type a command in a terminal while the editor goes on; what it prints.
function M.terminal(command)
  local lines, code = {}, nil
  local function keep(_, data) vim.list_extend(lines, data) end
  vim.fn.jobstart(command, { on_stdout = keep, on_stderr = keep, on_exit = function(_, ended) code = ended end })
  M.wait(command .. ' ends', function() return code end)
  M.check(code == 0, ('%s: %s'):format(command, table.concat(lines, ' ')))
  return table.concat(lines, '\n')
end

-- Wait for a sentence of the server's, and take it.
function M.said(text)
  return M.wait(("a message with '%s'"):format(text), function()
    for at, message in ipairs(M.messages) do
      if message:find(text, 1, true) then return table.remove(M.messages, at) end
    end
  end)
end

return M
