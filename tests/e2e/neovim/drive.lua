-- What a person does in Neovim, and a record of what they see, as JSON.

local record = { seen = {} }
local patience = 90000

local function leave()
  local file = assert(io.open(vim.env.ORPS_RECORD, "w"))
  file:write(vim.fn.json_encode(record))
  file:close()
  vim.cmd("qall!")
end

local function expect(what, condition)
  if not vim.wait(patience, condition, 20) then
    record.failure = "waited in vain for " .. what
    record.diagnostics = vim.diagnostic.get(0)
    record.messages = vim.fn.execute("messages")
    leave()
  end
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

-- Choose the first code action whose title starts like this.
local function choose(prefix)
  local done = false
  vim.ui.select = function(items, _, on_choice)
    for _, item in ipairs(items) do
      local action = item.action or item[2]
      table.insert(record.seen, action.title)
      if vim.startswith(action.title, prefix) then
        done = true
        on_choice(item)
        return
      end
    end
    record.failure = "no action starts with " .. prefix
    leave()
  end
  vim.lsp.buf.code_action()
  expect("the code actions", function() return done end)
end

local function hinted(word)
  for _, diagnostic in ipairs(vim.diagnostic.get(0)) do
    if diagnostic.source == "orps" and diagnostic.message:find(word, 1, true) then
      return diagnostic.message
    end
  end
end

vim.cmd("filetype on")
vim.cmd("luafile " .. vim.env.ORPS_SNIPPET)
vim.cmd("edit " .. vim.env.ORPS_FILE)
expect("the server", function()
  local attached = next(vim.lsp.buf_get_clients(0)) ~= nil
  local _, client = next(vim.lsp.buf_get_clients(0))
  return attached and client.initialized
end)
vim.fn.search("def largest", "w")
vim.cmd("normal! w")
record.before = lines()

choose("Generate with ORPS")
expect("the candidates", function()
  local hint = hinted("best passes")
  record.hint = hint or record.hint
  return hint and not hint:find("searching", 1, true)
end)

-- Typed after the search, above the function: the edit has to follow it.
vim.api.nvim_buf_set_lines(0, 0, 0, false, { "# typed later, 😀" })
record.edited = lines()
-- A script is one undo step unless it says where a step ends.
vim.cmd("let &undolevels = &undolevels")
choose("ORPS #1")
expect("the edit", function() return not vim.deep_equal(lines(), record.edited) end)
record.after = lines()
vim.cmd("silent undo")
record.undone = lines()
vim.cmd("silent redo")
record.redone = lines()
vim.cmd("silent write")
leave()
